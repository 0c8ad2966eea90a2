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
    firstNames: words(`
      Chinedu, Ngozi, Adaeze, Emeka, Ifeoma, Tunde, Folake, Babatunde, Yetunde, Obinna, Zainab,
      Kelechi, Chiamaka, Olumide, Amara, Segun, Nkechi, Femi, Halima, Uchenna, Bukola, Ikenna,
      Temitope, Musa, Adaobi, Gbenga, Chioma, Ibrahim
    `),
    lastNames: words(`
      Okafor, Adeyemi, Balogun, Eze, Nwosu, Okonkwo, Abubakar, Adebayo, Onyekachi, Ogunleye,
      Bello, Uche, Afolabi, Chukwu, Danjuma, Ezekiel, Fashola, Ibekwe, Lawal, Nnamdi, Obi,
      Ogundipe, Olawale, Onuoha, Sanusi, Udo, Usman, Yakubu
    `),
    offices: [offices.lagos],
  },
  {
    firstNames: words(`
      Kwame, Ama, Kofi, Akosua, Yaw, Abena, Kojo, Efua, Nana, Esi, Kwabena, Adwoa, Akua, Kwasi,
      Yaa, Kwaku, Afia, Kweku, Adjoa, Fiifi, Maame, Ekow, Serwaa, Nii, Afua, Paa, Araba, Kobina
    `),
    lastNames: words(`
      Mensah, Boateng, Owusu, Asante, Appiah, Addo, Osei, Amoah, Ofori, Darko, Sarpong, Agyeman,
      Acheampong, Adjei, Agyapong, Amponsah, Annan, Antwi, Baffour, Bonsu, Donkor, Frimpong,
      Gyasi, Kyei, Nkrumah, Opoku, Quaye, Tetteh
    `),
    offices: [offices.accra, offices.dublin],
  },
  {
    firstNames: words(`
      Wanjiru, Otieno, Achieng, Kamau, Njeri, Kiprop, Chebet, Mwangi, Wambui, Barasa, Nyambura,
      Kibet, Akinyi, Odera, Wangari, Kimutai, Muthoni, Juma, Jepkosgei, Kariuki, Nafula, Omondi,
      Waithera, Cherono, Mumbi, Simiyu, Atieno, Ndirangu
    `),
    lastNames: words(`
      Kariuki, Odhiambo, Kimani, Mutua, Wekesa, Njoroge, Cheruiyot, Ochieng, Maina, Rotich, Gitau,
      Were, Anyango, Chepkoech, Kamande, Karanja, Kiplagat, Kosgei, Macharia, Makau, Mbugua,
      Muriuki, Musyoka, Nyaga, Odinga, Omolo, Wafula, Wanyama
    `),
    offices: [offices.nairobi],
  },
  {
    firstNames: words(`
      Youssef, Mariam, Omar, Salma, Karim, Nour, Hassan, Dalia, Tarek, Farida, Amr, Heba, Ahmed,
      Yasmin, Mostafa, Nada, Khaled, Rania, Mahmoud, Hana, Sherif, Laila, Walid, Mona, Ziad,
      Amina, Hossam, Reem
    `),
    lastNames: words(`
      Mansour, Farouk, Naguib, Shalaby, Gaber, Fahmy, Zaki, Khalil, Saleh, Ezzat, Hegazy, Rizk,
      Abdallah, Ashour, Badawi, Darwish, Eid, Ghanem, Hamdy, Ibrahim, Kamel, Lotfy, Moussa, Osman,
      Ragab, Sabry, Tawfik, Youssef
    `),
    offices: [offices.cairo],
  },
  {
    firstNames: words(`
      Priya, Arjun, Ananya, Rohan, Kavya, Vikram, Meera, Aditya, Lakshmi, Sanjay, Divya, Imran,
      Nikhil, Shreya, Rahul, Pooja, Karthik, Neha, Suresh, Aishwarya, Manish, Radhika, Varun,
      Sneha, Deepak, Ishaan, Tanvi, Gaurav
    `),
    lastNames: words(`
      Iyer, Sharma, Nair, Banerjee, Reddy, Kulkarni, Menon, Khan, Desai, Chatterjee, Rao, Pillai,
      Agarwal, Bhat, Chaudhary, Das, Gupta, Joshi, Kapoor, Mehta, Mishra, Mukherjee, Patel,
      Saxena, Sen, Shetty, Subramanian, Verma
    `),
    offices: [offices.bengaluru, offices.singapore],
  },
  {
    firstNames: words(`
      Haruka, Kenji, Yui, Daichi, Sakura, Takumi, Aoi, Ren, Misaki, Shota, Emi, Kaito, Ayumi,
      Hiroshi, Nanami, Yuto, Rina, Sora, Chihiro, Kazuki, Mei, Riku, Asuka, Tomoya, Honoka, Naoki,
      Yuna, Hinata
    `),
    lastNames: words(`
      Tanaka, Sato, Watanabe, Kobayashi, Nakamura, Yamamoto, Inoue, Kimura, Matsumoto, Fujita,
      Ogawa, Hayashi, Abe, Endo, Goto, Hasegawa, Ishikawa, Ito, Kato, Maeda, Mori, Okada, Saito,
      Sakamoto, Shimizu, Suzuki, Takahashi, Yoshida
    `),
    offices: [offices.tokyo],
  },
  {
    firstNames: words(`
      Ji-woo, Min-jun, Seo-yeon, Do-yun, Ha-eun, Joon-ho, Ye-jin, Hyun-woo, Soo-ah, Tae-yang,
      Eun-bi, Sung-min, Seung-ho, Ji-min, Da-in, Gun-woo, Chae-won, Jae-hyun, Na-yeon, Si-woo,
      Yu-na, Woo-jin, So-mi, Dong-hyun, Min-seo, Kyung-soo, Bo-ra, Ji-ho
    `),
    lastNames: words(`
      Kim, Park, Choi, Jung, Kang, Cho, Yoon, Jang, Lim, Han, Shin, Kwon, Lee, Bae, Hwang, Ahn,
      Song, Jeon, Hong, Ryu, Ko, Moon, Yang, Son, Baek, Heo, Nam, Seo
    `),
    offices: [offices.seoul],
  },
  {
    firstNames: words(`
      Mei-Ling, Wei, Xin-Yi, Jun-Jie, Yu-Ting, Hao-Ran, Li-Hua, Zhi-Wei, Pei-Shan, Kai-Wen,
      Jia-Hui, Bo-Yan, Yi-Chen, Jing-Wen, Cheng-Han, Shu-Fen, Guan-Yu, Ya-Ting, Ming-Hao, Si-Yuan,
      Chia-Ling, Tian-Yi, Hui-Min, Zi-Han, Yong-Jie, Wan-Ting, Rui-En, Po-Han
    `),
    lastNames: words(`
      Chen, Lin, Huang, Zhang, Wang, Liu, Yang, Wu, Tsai, Xu, Hsieh, Zhao, Lee, Chang, Cheng,
      Chou, Chiang, Guo, Ho, Hsu, Kuo, Lai, Liao, Peng, Song, Sun, Tang, Zheng
    `),
    offices: [offices.taipei, offices.singapore],
  },
  {
    firstNames: words(`
      Linh, Minh, Thao, Duc, Huong, Quang, Trang, Khoa, Mai, Tuan, Lan, Phuc, Anh, Bao, Chi, Dung,
      Giang, Hai, Hanh, Hieu, Khanh, Ngoc, Nhung, Son, Thanh, Thuy, Van, Yen
    `),
    lastNames: words(`
      Nguyen, Tran, Le, Pham, Hoang, Phan, Vu, Dang, Bui, Do, Ngo, Duong, Cao, Chau, Dinh, Doan,
      Ha, Huynh, La, Luong, Luu, Mac, Nghiem, Quach, Ta, Thai, Trinh, Vo
    `),
    offices: [offices.hanoi],
  },
  {
    firstNames: words(`
      Elif, Mehmet, Zeynep, Emre, Defne, Can, Ayşe, Burak, Ece, Deniz, Selin, Kerem, Aylin, Barış,
      Cem, Derya, Ebru, Furkan, Gizem, Hakan, İrem, Kaan, Leyla, Murat, Nazlı, Onur, Pınar, Serkan
    `),
    lastNames: words(`
      Yılmaz, Kaya, Demir, Şahin, Çelik, Aydın, Öztürk, Arslan, Doğan, Koç, Kurt, Polat, Acar,
      Aksoy, Avcı, Bulut, Çetin, Erdem, Güneş, Işık, Karaca, Kılıç, Özkan, Sarı, Taş, Tekin, Ünal,
      Yıldız
    `),
    offices: [offices.istanbul, offices.berlin],
  },
  {
    firstNames: words(`
      Sofía, Diego, Valentina, Mateo, Camila, Santiago, Lucía, Emiliano, Ximena, Andrés, Regina,
      Joaquín, Alejandra, Bruno, Carmen, Daniela, Eduardo, Fernanda, Guillermo, Inés, Javier,
      Leonardo, Marisol, Nicolás, Paloma, Rodrigo, Teresa, Tomás
    `),
    lastNames: words(`
      Hernández, Ramírez, Castillo, Morales, Ortega, Delgado, Fuentes, Navarro, Rojas, Vargas,
      Mendoza, Salazar, Aguilar, Bravo, Campos, Cervantes, Domínguez, Espinosa, Gallegos, Herrera,
      Ibáñez, Jiménez, León, Márquez, Núñez, Paredes, Quintero, Serrano
    `),
    offices: [offices.mexicoCity, offices.madrid],
  },
  {
    firstNames: words(`
      Beatriz, Thiago, Larissa, Rafael, Camila, João, Mariana, Gustavo, Isabela, Caio, Letícia,
      Vinícius, Amanda, Bernardo, Carolina, Daniel, Eduarda, Felipe, Gabriela, Henrique, Inês,
      Júlia, Lucas, Marcelo, Natália, Otávio, Renata, Sérgio
    `),
    lastNames: words(`
      Silva, Oliveira, Almeida, Ferreira, Carvalho, Ribeiro, Barbosa, Monteiro, Nogueira,
      Teixeira, Moura, Azevedo, Andrade, Araújo, Batista, Cardoso, Correia, Dias, Duarte, Freitas,
      Lopes, Machado, Martins, Melo, Pinto, Ramos, Rocha, Tavares
    `),
    offices: [offices.saoPaulo, offices.lisbon],
  },
  {
    firstNames: words(`
      Emma, Lukas, Hannah, Jonas, Mia, Felix, Clara, Maximilian, Lena, Moritz, Charlotte,
      Sebastian, Anna, Benedikt, Carla, Dominik, Elisa, Fabian, Greta, Henrik, Ida, Julian,
      Katharina, Leonie, Niklas, Paula, Simon, Theresa
    `),
    lastNames: words(`
      Müller, Schneider, Weber, Hoffmann, Becker, Schäfer, Richter, Vogel, Krüger, Brandt,
      Lindner, Seidel, Arnold, Bauer, Braun, Engel, Fischer, Graf, Heinrich, Jansen, Keller, Lang,
      Möller, Neumann, Pohl, Schröder, Wagner, Zimmermann
    `),
    offices: [offices.berlin],
  },
  {
    firstNames: words(`
      Ingrid, Lars, Astrid, Erik, Sigrid, Magnus, Freja, Oskar, Solveig, Anders, Linnea, Nils,
      Agnes, Björn, Elin, Fredrik, Gunnar, Hedda, Ida, Jonas, Karin, Leif, Maja, Nora, Olof,
      Ragnhild, Sven, Tuva
    `),
    lastNames: words(`
      Johansson, Lindqvist, Berg, Nilsen, Hansen, Øster, Eklund, Haugen, Dahl, Söderberg, Strand,
      Lund, Aasen, Andersson, Bakke, Bergström, Carlsson, Engström, Fossum, Gustafsson, Holm,
      Iversen, Karlsson, Larsen, Moen, Nyström, Solberg, Wikström
    `),
    offices: [offices.stockholm, offices.oslo],
  },
  {
    firstNames: words(`
      Giulia, Matteo, Chiara, Lorenzo, Alessia, Davide, Martina, Riccardo, Elena, Tommaso, Serena,
      Pietro, Alice, Beatrice, Claudio, Dario, Eleonora, Federico, Gaia, Irene, Jacopo, Ludovica,
      Marco, Nicolò, Ottavia, Paolo, Sara, Valerio
    `),
    lastNames: words(`
      Rossi, Bianchi, Conti, Ferrari, Moretti, Galli, Marchetti, Rinaldi, Greco, Fontana, Villa,
      Bruno, Amato, Barbieri, Caruso, Colombo, De Luca, Esposito, Fabbri, Gentile, Leone,
      Lombardi, Mancini, Parisi, Ricci, Sartori, Testa, Vitale
    `),
    offices: [offices.milan],
  },
  {
    firstNames: words(`
      Zofia, Jakub, Maja, Kacper, Hanna, Filip, Oliwia, Szymon, Alicja, Wojciech, Natalia, Tomasz,
      Adam, Barbara, Cezary, Dorota, Ewa, Franciszek, Gabriela, Helena, Igor, Joanna, Karolina,
      Łukasz, Michał, Paulina, Rafał, Weronika
    `),
    lastNames: words(`
      Nowak, Kowalczyk, Wójcik, Zając, Woźniak, Dudek, Kozieł, Gołąb, Mazur, Krawczyk, Pawlak,
      Sikora, Adamczyk, Baran, Cieślak, Duda, Głowacki, Jabłoński, Kaczmarek, Lis, Michalak,
      Olszewski, Piotrowski, Rutkowski, Stępień, Urban, Walczak, Zieliński
    `),
    offices: [offices.warsaw],
  },
  {
    firstNames: words(`
      Camille, Antoine, Manon, Julien, Léa, Étienne, Chloé, Mathis, Océane, Gabriel, Élodie,
      Olivier, Adèle, Bastien, Cécile, Damien, Florence, Guillaume, Hélène, Isabelle, Jérôme,
      Laurence, Maxime, Noémie, Philippe, Rosalie, Simon, Véronique
    `),
    lastNames: words(`
      Tremblay, Gagnon, Bouchard, Lefebvre, Moreau, Girard, Fontaine, Lavoie, Rousseau, Caron,
      Beaulieu, Mercier, Bélanger, Bergeron, Boucher, Cloutier, Côté, Deschênes, Dubois, Gauthier,
      Lachance, Lapointe, Leblanc, Ouellet, Pelletier, Poirier, Roy, Thibault
    `),
    offices: [offices.montreal],
  },
  {
    firstNames: words(`
      Aroha, Tama, Maia, Nikau, Anahera, Wiremu, Hine, Rangi, Mere, Kahu, Tui, Hemi, Ana, Hana,
      Ihaia, Kiri, Manaia, Marama, Matiu, Ngaire, Piripi, Rewi, Rongo, Tane, Tiaki, Waimarie,
      Whetu, Manu
    `),
    lastNames: words(`
      Ngata, Parata, Walker, Tamihere, Hughes, Rangihau, Mitchell, Paki, Thompson, Waititi,
      Harawira, Clarke, Anderson, Barrett, Campbell, Edwards, Henare, Kingi, Mahuta, Marsden,
      Ngatai, Pomare, Rewiti, Robinson, Ruka, Taylor, Turei, Wilson
    `),
    offices: [offices.auckland],
  },
  {
    firstNames: words(`
      Grace, Marcus, Hazel, Jordan, Naomi, Ethan, Ruby, Malik, Josephine, Caleb, Imani, Theodore,
      Aaron, Bridget, Connor, Delia, Elijah, Fiona, Gavin, Hope, Isaac, Jasmine, Keith, Lydia,
      Miles, Nora, Owen, Vivian
    `),
    lastNames: words(`
      Bennett, Washington, Sullivan, Brooks, Patterson, Freeman, Whitaker, Coleman, Hayes, Lawson,
      Mercer, Reed, Alvarez, Barnes, Byrne, Carter, Doyle, Ellis, Fletcher, Gallagher, Harper,
      Kennedy, Logan, Murphy, Norris, Porter, Quinn, Walsh
    `),
    offices: [offices.chicago, offices.dublin],
  },
  {
    firstNames: words(`
      Sanne, Daan, Femke, Bram, Lotte, Sem, Fleur, Thijs, Noor, Jasper, Maud, Ruben, Anouk, Bas,
      Cas, Demi, Evi, Floor, Gijs, Hidde, Iris, Joris, Karlijn, Lars, Mees, Niels, Puck, Tess
    `),
    lastNames: words(`
      de Vries, Bakker, van Dijk, Visser, Smit, Mulder, de Boer, Dekker, van den Berg, Kuipers,
      Postma, Hoekstra, Blom, Bos, Brouwer, de Graaf, de Jong, de Wit, Dijkstra, Hendriks, Jacobs,
      Koster, Meijer, Peters, Schouten, van Leeuwen, Verhoeven, Willems
    `),
    offices: [offices.amsterdam],
  },
]

function words(text: string): readonly string[] {
  return text.trim().split(/,\s+/)
}
