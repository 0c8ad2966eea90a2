/** First and last names that belong together, and where people of those names may well work. */
export interface NamePool {
  readonly firstNames: readonly string[]
  readonly lastNames: readonly string[]
  readonly offices: readonly Office[]
}

export interface Office {
  readonly city: string
  readonly timeZone: string
}

const offices = {
  accra: { city: 'Accra', timeZone: 'Africa/Accra' },
  amsterdam: { city: 'Amsterdam', timeZone: 'Europe/Amsterdam' },
  auckland: { city: 'Auckland', timeZone: 'Pacific/Auckland' },
  bengaluru: { city: 'Bengaluru', timeZone: 'Asia/Kolkata' },
  berlin: { city: 'Berlin', timeZone: 'Europe/Berlin' },
  cairo: { city: 'Cairo', timeZone: 'Africa/Cairo' },
  chicago: { city: 'Chicago', timeZone: 'America/Chicago' },
  dublin: { city: 'Dublin', timeZone: 'Europe/Dublin' },
  hanoi: { city: 'Hanoi', timeZone: 'Asia/Ho_Chi_Minh' },
  istanbul: { city: 'Istanbul', timeZone: 'Europe/Istanbul' },
  lagos: { city: 'Lagos', timeZone: 'Africa/Lagos' },
  lisbon: { city: 'Lisbon', timeZone: 'Europe/Lisbon' },
  madrid: { city: 'Madrid', timeZone: 'Europe/Madrid' },
  mexicoCity: { city: 'Mexico City', timeZone: 'America/Mexico_City' },
  milan: { city: 'Milan', timeZone: 'Europe/Rome' },
  montreal: { city: 'Montréal', timeZone: 'America/Toronto' },
  nairobi: { city: 'Nairobi', timeZone: 'Africa/Nairobi' },
  oslo: { city: 'Oslo', timeZone: 'Europe/Oslo' },
  saoPaulo: { city: 'São Paulo', timeZone: 'America/Sao_Paulo' },
  seoul: { city: 'Seoul', timeZone: 'Asia/Seoul' },
  singapore: { city: 'Singapore', timeZone: 'Asia/Singapore' },
  stockholm: { city: 'Stockholm', timeZone: 'Europe/Stockholm' },
  taipei: { city: 'Taipei', timeZone: 'Asia/Taipei' },
  tokyo: { city: 'Tokyo', timeZone: 'Asia/Tokyo' },
  warsaw: { city: 'Warsaw', timeZone: 'Europe/Warsaw' },
} as const satisfies Record<string, Office>

export const namePools: readonly NamePool[] = [
  {
    firstNames: words(
      'Chinedu Ngozi Adaeze Emeka Ifeoma Tunde Folake Babatunde Yetunde Obinna Zainab Kelechi',
    ),
    lastNames: words(
      'Okafor Adeyemi Balogun Eze Nwosu Okonkwo Abubakar Adebayo Onyekachi Ogunleye Bello Uche',
    ),
    offices: [offices.lagos],
  },
  {
    firstNames: words('Kwame Ama Kofi Akosua Yaw Abena Kojo Efua Nana Esi Kwabena Adwoa'),
    lastNames: words(
      'Mensah Boateng Owusu Asante Appiah Addo Osei Amoah Ofori Darko Sarpong Agyeman',
    ),
    offices: [offices.accra, offices.dublin],
  },
  {
    firstNames: words(
      'Wanjiru Otieno Achieng Kamau Njeri Kiprop Chebet Mwangi Wambui Barasa Nyambura Kibet',
    ),
    lastNames: words(
      'Kariuki Odhiambo Kimani Mutua Wekesa Njoroge Cheruiyot Ochieng Maina Rotich Gitau Were',
    ),
    offices: [offices.nairobi],
  },
  {
    firstNames: words('Youssef Mariam Omar Salma Karim Nour Hassan Dalia Tarek Farida Amr Heba'),
    lastNames: words(
      'Mansour Farouk Naguib Shalaby Gaber Fahmy Zaki Khalil Saleh Ezzat Hegazy Rizk',
    ),
    offices: [offices.cairo],
  },
  {
    firstNames: words(
      'Priya Arjun Ananya Rohan Kavya Vikram Meera Aditya Lakshmi Sanjay Divya Imran',
    ),
    lastNames: words(
      'Iyer Sharma Nair Banerjee Reddy Kulkarni Menon Khan Desai Chatterjee Rao Pillai',
    ),
    offices: [offices.bengaluru, offices.singapore],
  },
  {
    firstNames: words('Haruka Kenji Yui Daichi Sakura Takumi Aoi Ren Misaki Shota Emi Kaito'),
    lastNames: words(
      'Tanaka Sato Watanabe Kobayashi Nakamura Yamamoto Inoue Kimura Matsumoto Fujita Ogawa Hayashi',
    ),
    offices: [offices.tokyo],
  },
  {
    firstNames: words(
      'Ji-woo Min-jun Seo-yeon Do-yun Ha-eun Joon-ho Ye-jin Hyun-woo Soo-ah Tae-yang Eun-bi Sung-min',
    ),
    lastNames: words('Kim Park Choi Jung Kang Cho Yoon Jang Lim Han Shin Kwon'),
    offices: [offices.seoul],
  },
  {
    firstNames: words(
      'Mei-Ling Wei Xin-Yi Jun-Jie Yu-Ting Hao-Ran Li-Hua Zhi-Wei Pei-Shan Kai-Wen Jia-Hui Bo-Yan',
    ),
    lastNames: words('Chen Lin Huang Zhang Wang Liu Yang Wu Tsai Xu Hsieh Zhao'),
    offices: [offices.taipei, offices.singapore],
  },
  {
    firstNames: words('Linh Minh Thao Duc Huong Quang Trang Khoa Mai Tuan Lan Phuc'),
    lastNames: words('Nguyen Tran Le Pham Hoang Phan Vu Dang Bui Do Ngo Duong'),
    offices: [offices.hanoi],
  },
  {
    firstNames: words('Elif Mehmet Zeynep Emre Defne Can Ayşe Burak Ece Deniz Selin Kerem'),
    lastNames: words('Yılmaz Kaya Demir Şahin Çelik Aydın Öztürk Arslan Doğan Koç Kurt Polat'),
    offices: [offices.istanbul, offices.berlin],
  },
  {
    firstNames: words(
      'Sofía Diego Valentina Mateo Camila Santiago Lucía Emiliano Ximena Andrés Regina Joaquín',
    ),
    lastNames: words(
      'Hernández Ramírez Castillo Morales Ortega Delgado Fuentes Navarro Rojas Vargas Mendoza Salazar',
    ),
    offices: [offices.mexicoCity, offices.madrid],
  },
  {
    firstNames: words(
      'Beatriz Thiago Larissa Rafael Camila João Mariana Gustavo Isabela Caio Letícia Vinícius',
    ),
    lastNames: words(
      'Silva Oliveira Almeida Ferreira Carvalho Ribeiro Barbosa Monteiro Nogueira Teixeira Moura Azevedo',
    ),
    offices: [offices.saoPaulo, offices.lisbon],
  },
  {
    firstNames: words(
      'Emma Lukas Hannah Jonas Mia Felix Clara Maximilian Lena Moritz Charlotte Sebastian',
    ),
    lastNames: words(
      'Müller Schneider Weber Hoffmann Becker Schäfer Richter Vogel Krüger Brandt Lindner Seidel',
    ),
    offices: [offices.berlin],
  },
  {
    firstNames: words(
      'Ingrid Lars Astrid Erik Sigrid Magnus Freja Oskar Solveig Anders Linnea Nils',
    ),
    lastNames: words(
      'Johansson Lindqvist Berg Nilsen Hansen Øster Eklund Haugen Dahl Söderberg Strand Lund',
    ),
    offices: [offices.stockholm, offices.oslo],
  },
  {
    firstNames: words(
      'Giulia Matteo Chiara Lorenzo Alessia Davide Martina Riccardo Elena Tommaso Serena Pietro',
    ),
    lastNames: words(
      'Rossi Bianchi Conti Ferrari Moretti Galli Marchetti Rinaldi Greco Fontana Villa Bruno',
    ),
    offices: [offices.milan],
  },
  {
    firstNames: words(
      'Zofia Jakub Maja Kacper Hanna Filip Oliwia Szymon Alicja Wojciech Natalia Tomasz',
    ),
    lastNames: words(
      'Nowak Kowalczyk Wójcik Zając Woźniak Dudek Kozieł Gołąb Mazur Krawczyk Pawlak Sikora',
    ),
    offices: [offices.warsaw],
  },
  {
    firstNames: words(
      'Camille Antoine Manon Julien Léa Étienne Chloé Mathis Océane Gabriel Élodie Olivier',
    ),
    lastNames: words(
      'Tremblay Gagnon Bouchard Lefebvre Moreau Girard Fontaine Lavoie Rousseau Caron Beaulieu Mercier',
    ),
    offices: [offices.montreal],
  },
  {
    firstNames: words('Aroha Tama Maia Nikau Anahera Wiremu Hine Rangi Mere Kahu Tui Hemi'),
    lastNames: words(
      'Ngata Parata Walker Tamihere Hughes Rangihau Mitchell Paki Thompson Waititi Harawira Clarke',
    ),
    offices: [offices.auckland],
  },
  {
    firstNames: words(
      'Grace Marcus Hazel Jordan Naomi Ethan Ruby Malik Josephine Caleb Imani Theodore',
    ),
    lastNames: words(
      'Bennett Washington Sullivan Brooks Patterson Freeman Whitaker Coleman Hayes Lawson Mercer Reed',
    ),
    offices: [offices.chicago, offices.dublin],
  },
  {
    firstNames: words('Sanne Daan Femke Bram Lotte Sem Fleur Thijs Noor Jasper Maud Ruben'),
    lastNames: [
      'de Vries',
      'Bakker',
      'van Dijk',
      'Visser',
      'Smit',
      'Mulder',
      'de Boer',
      'Dekker',
      'van den Berg',
      'Kuipers',
      'Postma',
      'Hoekstra',
    ],
    offices: [offices.amsterdam],
  },
]

function words(text: string): readonly string[] {
  return text.split(' ')
}
